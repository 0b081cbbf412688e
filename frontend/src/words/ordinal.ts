// English counts with a suffix: 1st, 2nd, 3rd, 11th.

const rules = new Intl.PluralRules("en", { type: "ordinal" });
const suffixes = { one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" };

export const ordinal = (n: number): string => `${n}${suffixes[rules.select(n)]}`;
