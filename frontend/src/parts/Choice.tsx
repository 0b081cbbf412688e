// A filter of a few values, with one that stands for all of them.

import { Select } from "antd";

interface ChoiceProps {
  readonly label: string;
  /** What stands for no filter. */
  readonly any: string;
  readonly value: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly onChange: (chosen: string) => void;
}

export function Choice({ label, any, value, choices, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      className="min-w-36"
      value={value in choices ? value : ""}
      onChange={onChange}
      options={[
        { value: "", label: any },
        ...Object.entries(choices).map(([chosen, text]) => ({ value: chosen, label: text })),
      ]}
    />
  );
}
