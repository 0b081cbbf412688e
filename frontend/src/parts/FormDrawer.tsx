// What was typed into a form is not thrown away by one slip of key or pointer: closing asks first.

import { Drawer, type DrawerProps, Form, type FormInstance } from "antd";
import { type ReactNode, useRef } from "react";
import { useAskToDrop } from "./leaving";

type Forms = Readonly<Record<string, Pick<FormInstance, "isFieldsTouched">>>;

/** `close` asks first when something was entered into a named form within a `Form.Provider` that `watch`es. */
export function useClosing(onClose: () => void) {
  const ask = useAskToDrop();
  const forms = useRef<Forms>({});
  const close = () => {
    if (!Object.values(forms.current).some((form) => form.isFieldsTouched())) return onClose();
    return ask(onClose);
  };
  const watch = (_name: string, known: { readonly forms: Forms }) => {
    forms.current = known.forms;
  };
  return { close, watch };
}

interface FormDrawerProps extends Pick<DrawerProps, "title" | "size" | "destroyOnHidden"> {
  readonly open?: boolean;
  readonly onClose: () => void;
  /** Forms in it carry a `name`: those without one are not known to it. */
  readonly children: ReactNode;
}

/** A drawer with a form in it. */
export function FormDrawer({ open = true, onClose, children, ...rest }: FormDrawerProps) {
  const { close, watch } = useClosing(onClose);
  return (
    <Drawer open={open} onClose={close} {...rest}>
      <Form.Provider onFormChange={watch}>{children}</Form.Provider>
    </Drawer>
  );
}
