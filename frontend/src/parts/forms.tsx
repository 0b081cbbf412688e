// What forms do alike: show the gateway's refusal, each fault at its field.

import { Alert, type FormInstance } from "antd";
import type { Rule } from "antd/es/form";
import { useEffect } from "react";
import { problemOf } from "@/api/problem";
import { useFormat } from "@/words/format";
import { inWords, useWords } from "@/words/words";
import { faultIn, faultWords } from "./faults";
import { useProblemText } from "./PageState";

const refusalWords = inWords(
  {
    kept: "Những gì vừa nhập vẫn còn ở đây. Hãy đăng nhập ở thẻ khác, rồi lưu lại tại đây.",
    logIn: "Mở trang đăng nhập",
  },
  {
    kept: "What you have entered stays here. Log in in another tab, then save it here.",
    logIn: "Open the login",
  },
);

/** Why the gateway refused, above a form's buttons; nothing while it did not. */
export function Refusal({ failure }: { readonly failure: unknown }) {
  const text = useProblemText();
  const words = useWords(refusalWords);
  if (!failure) return null;
  const problem = problemOf(failure);
  const elsewhere = problem.code === "not_authenticated" && (
    <>
      {words.kept}{" "}
      <a href="/sign-in" target="_blank" rel="noopener">
        {words.logIn}
      </a>
    </>
  );
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      className="!mb-4"
      title={text(problem)}
      description={elsewhere || undefined}
    />
  );
}

/** Put what the gateway found wrong at the form's fields of the same name, in the language now spoken. */
export function useFieldFaults(form: FormInstance, failure: unknown): void {
  const words = useWords(faultWords);
  const { number } = useFormat();
  useEffect(() => {
    if (!failure) return;
    const faults = problemOf(failure).errors ?? [];
    form.setFields(
      faults
        .filter((fault) => fault.field.startsWith("body."))
        .map((fault) => ({ name: fault.field.split(".").slice(1), errors: [faultIn(words, fault, number)] })),
    );
  }, [form, failure, words, number]);
}

/** The rule of a group of checkboxes; `required` would give the group an attribute that groups do not have. */
export function atLeastOne(message: string): Rule {
  return {
    validator: (_rule, chosen: readonly unknown[] | undefined) =>
      chosen?.length ? Promise.resolve() : Promise.reject(new Error(message)),
  };
}
