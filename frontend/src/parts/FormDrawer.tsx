// What was typed into a form is not thrown away by one slip of key or pointer: closing asks first, and so does going back.

import { Drawer, type DrawerProps, Form } from "antd";
import { type MouseEvent, type ReactNode, useRef, useState } from "react";
import { AskBeforeLeaving, type Forms, isEnteredInto, useAskToDrop } from "./leaving";

/** `close` asks first when `isEntered`; `guard`, to be rendered while the dialog is open, asks when the browser leaves. */
export function useDialogClosing(isEntered: boolean, onClose: () => void) {
  const ask = useAskToDrop();
  const close = () => {
    if (isEntered) ask(onClose);
    else onClose();
  };
  const guard = isEntered && <AskBeforeLeaving holds={(isBack) => isBack} />;
  return { close, guard };
}

/** The same for what was entered into the named forms within a `Form.Provider` whose `onFormChange` is `watch`. */
export function useClosing(onClose: () => void) {
  const ask = useAskToDrop();
  const [isEntered, setEntered] = useState(false);
  const forms = useRef<Forms>({});
  const byLink = useRef(false);
  const isTouched = () => isEnteredInto(forms.current);
  const close = () => {
    byLink.current = false;
    if (isTouched()) ask(onClose);
    else onClose();
  };
  const watch = (_name: string, known: { readonly forms: Forms }) => {
    forms.current = known.forms;
    setEntered(true);
  };
  /** Told of every click within: where saving or deleting leads to nobody has to be asked. */
  const noteLink = ({ target }: MouseEvent) => {
    byLink.current = target instanceof Element && target.closest("a") !== null;
  };
  const guard = isEntered && (
    <AskBeforeLeaving holds={(isBack) => isTouched() && (isBack || byLink.current)} />
  );
  return { close, watch, noteLink, guard };
}

interface FormDrawerProps extends Pick<DrawerProps, "title" | "size" | "destroyOnHidden"> {
  readonly open?: boolean;
  readonly onClose: () => void;
  /** Forms in it carry a `name`: those without one are not known to it. */
  readonly children: ReactNode;
}

/** A drawer with a form in it. */
export function FormDrawer({ open = true, onClose, children, ...rest }: FormDrawerProps) {
  const { close, watch, noteLink, guard } = useClosing(onClose);
  return (
    <>
      {open && guard}
      <Drawer open={open} onClose={close} {...rest}>
        <div onClickCapture={noteLink}>
          <Form.Provider onFormChange={watch}>{children}</Form.Provider>
        </div>
      </Drawer>
    </>
  );
}
