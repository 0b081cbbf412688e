// A form goes on from what it was begun with: what is read anew meanwhile does not replace what was typed.

import { Form } from "antd";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import type { Tagged } from "@/api/resource";
import { AskBeforeLeaving, type Forms, isEnteredInto } from "./leaving";

interface KeptProps<T> {
  /** As it was read last. */
  readonly fresh: Tagged<T>;
  /** Whether another's change is one of what the form edits; left out, each is. */
  readonly differ?: (one: T, other: T) => boolean;
  /** The form stands on the page: leaving that asks first. A drawer's form is asked for by the drawer. */
  readonly onPage?: boolean;
  /** Shows a form, which has a `name`, for what is kept. Once it was saved, `release` lets what is fresh take its place. */
  readonly children: (kept: Tagged<T>, release: () => void) => ReactNode;
}

/**
 * While nothing was entered what is fresh is shown. Once something was, another's change is not taken over: saving is
 * refused then, by the tag, where else it would overwrite that change or what was typed would be gone.
 */
export function Kept<T>({ fresh, differ = () => true, onPage = false, children }: KeptProps<T>) {
  const [{ kept, round }, show] = useState({ kept: fresh, round: 0 });
  const forms = useRef<Forms>({});
  const [isEntered, setEntered] = useState(false);
  const latest = useRef({ fresh, differ });
  latest.current = { fresh, differ };
  const release = () => {
    forms.current = {};
    show((now) => newer(now, latest.current.fresh));
  };
  useEffect(() => {
    const isTouched = isEnteredInto(forms.current);
    show((now) => {
      if (!isTouched) return newer(now, fresh);
      return latest.current.differ(now.kept.value, fresh.value) ? now : { ...now, kept: fresh };
    });
  }, [fresh]);
  return (
    <Form.Provider
      onFormChange={(_name, known) => {
        forms.current = known.forms;
        setEntered(true);
      }}
    >
      {onPage && isEntered && <AskBeforeLeaving holds={() => isEnteredInto(forms.current)} />}
      <Fragment key={round}>{children(kept, release)}</Fragment>
    </Form.Provider>
  );
}

/** What is fresh in a form of its own, where it is another than the one that is shown. */
function newer<T>(now: { readonly kept: Tagged<T>; readonly round: number }, fresh: Tagged<T>) {
  return { kept: fresh, round: now.round + Number(fresh.tag !== now.kept.tag) };
}
