// A search text that is asked for when typing rests, so that not every letter is a question to the gateway.

import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";

const RESTS_MS = 350;

interface SearchFieldProps {
  readonly value: string;
  readonly label: string;
  readonly onSearch: (text: string) => void;
}

export function SearchField({ value, label, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  const ask = useRef(onSearch);
  ask.current = onSearch;
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === asked.current) return;
    const rest = setTimeout(() => {
      asked.current = typed;
      ask.current(typed);
    }, RESTS_MS);
    return () => clearTimeout(rest);
  }, [typed]);
  return (
    <Input
      type="search"
      className="!w-64 max-w-full max-sm:!w-44"
      prefix={<SearchOutlined aria-hidden />}
      aria-label={label}
      placeholder={label}
      maxLength={120}
      allowClear
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
