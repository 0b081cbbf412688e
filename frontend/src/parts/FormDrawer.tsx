// What was typed into a form is not thrown away by one slip of key or pointer: closing asks first.

import { App, Drawer, type DrawerProps, Form, type FormInstance } from "antd";
import { type ReactNode, useRef } from "react";
import { inWords, useWords } from "@/words/words";

const typedWords = inWords(
  {
    ask: "Bỏ những gì vừa nhập?",
    lost: "Những gì vừa nhập chưa được lưu.",
    drop: "Bỏ đi",
    stay: "Nhập tiếp",
  },
  {
    ask: "Throw away what you have entered?",
    lost: "It is not saved yet.",
    drop: "Throw it away",
    stay: "Go on entering",
  },
);

type Forms = Readonly<Record<string, Pick<FormInstance, "isFieldsTouched">>>;

/** `close` asks first when something was entered into a named form within a `Form.Provider` that `watch`es. */
export function useClosing(onClose: () => void) {
  const words = useWords(typedWords);
  const { modal } = App.useApp();
  const forms = useRef<Forms>({});
  const close = () => {
    if (!Object.values(forms.current).some((form) => form.isFieldsTouched())) return onClose();
    return void modal.confirm({
      title: words.ask,
      content: words.lost,
      okText: words.drop,
      okButtonProps: { danger: true },
      cancelText: words.stay,
      onOk: onClose,
    });
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
