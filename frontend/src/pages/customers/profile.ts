// What the gateway accepts of a person's details, so that a form says it before it is sent.

interface Sayings {
  readonly yearWrong: string;
  readonly phoneWrong: string;
  readonly tooLong: string;
}

/** A phone number as the gateway takes it; empty is none. */
export const PHONE = /^\s*(\+?[0-9][0-9 ().-]{4,28})?\s*$/;

/** The rules of antd's form for each field. */
export function profileRules(say: Sayings) {
  return {
    name: [{ max: 120, message: say.tooLong }],
    birthYear: [{ type: "integer" as const, min: 1900, max: 2100, message: say.yearWrong }],
    phone: [{ pattern: PHONE, message: say.phoneWrong }],
    note: [{ max: 2000, message: say.tooLong }],
  };
}
