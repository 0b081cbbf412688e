// What a new password must be, as the gateway judges it (functions/gateway/auth/passwords.py).

export type PasswordFault = "tooShort" | "isEmail" | "tooSimple";

/** Why this cannot be a password of this account; undefined when it can. */
export function passwordFault(password: string, email: string): PasswordFault | undefined {
  if (password.length < 10) return "tooShort";
  const told = password.toLowerCase();
  const whole = email.toLowerCase();
  if (email && (told === whole || told === whole.split("@")[0])) return "isEmail";
  return new Set(password).size === 1 ? "tooSimple" : undefined;
}
