// Choosing a customer by typing a part of name, phone or handle.

import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { api } from "@/api/client";
import type { Customer } from "@/api/schema";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { useNameOf } from "./naming";
import { peopleWords } from "./words";

const OFFERED = 20;

interface CustomerPickProps {
  /** Who cannot be chosen. */
  readonly except: string;
  readonly chosen: Customer | undefined;
  readonly onChoose: (customer: Customer | undefined) => void;
}

export function CustomerPick({ except, chosen, onChoose }: CustomerPickProps) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const query = { limit: OFFERED, ...(q ? { q } : {}) };
  const found = api.useQuery("get", "/v1/customers", { params: { query } });
  const offered = (found.data?.items ?? []).filter((one) => one.customer_id !== except);
  return (
    <Select
      aria-label={words.merge.pick}
      className="w-full"
      placeholder={words.find}
      value={chosen?.customer_id ?? null}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      notFoundContent={found.isPending ? null : words.findNone}
      onChange={(id: string | null) => onChoose(offered.find((one) => one.customer_id === id))}
      options={offered.map((one) => ({
        value: one.customer_id,
        label: [nameOf(one), one.phone, words.visitsTold(format.number(one.visits))]
          .filter(Boolean)
          .join(" · "),
      }))}
    />
  );
}
