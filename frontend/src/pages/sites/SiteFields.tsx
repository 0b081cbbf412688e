// What a person decides about a site, as fields of a form; the drawer and the first run show the same.

import { Form, Input, InputNumber, Select } from "antd";
import { useMemo } from "react";
import type { OpenHours, SiteSetup } from "@/api/schema";
import { useWords } from "@/words/words";
import { overlap } from "./hours";
import { OpeningHours } from "./OpeningHours";
import { sitesWords } from "./words";
import { allZones, clockIn, ownZone } from "./zones";

/** A new site's values until somebody says otherwise. */
export function newSite(): SiteSetup {
  return { name: "", address: "", time_zone: ownZone(), opening_hours: [], visit_gap_minutes: 30 };
}

export function SiteFields({ short = false }: { readonly short?: boolean }) {
  const words = useWords(sitesWords);
  const zones = useMemo(() => {
    const now = new Date();
    return allZones().map((zone) => ({ value: zone, label: `${zone} (${words.clock(clockIn(zone, now))})` }));
  }, [words]);
  return (
    <>
      <Form.Item
        name="name"
        label={words.name}
        extra={words.nameHelp}
        rules={[
          { required: true, whitespace: true, message: words.nameMissing },
          { max: 120, message: words.tooLong("120") },
        ]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="address" label={words.address} rules={[{ max: 300, message: words.tooLong("300") }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="time_zone" label={words.zone} extra={words.zoneHelp} rules={[{ required: true }]}>
        <Select showSearch={{ optionFilterProp: "label" }} options={zones} />
      </Form.Item>
      <HoursField />
      {!short && <GapField />}
    </>
  );
}

function HoursField() {
  const words = useWords(sitesWords);
  const apart = (_rule: unknown, hours: readonly OpenHours[] | undefined) => {
    const both = overlap(hours ?? []);
    if (!both) return Promise.resolve();
    return Promise.reject(new Error(words.overlap(words.days[both[0].weekday], words.days[both[1].weekday])));
  };
  return (
    <Form.Item
      name="opening_hours"
      label={words.hours}
      extra={words.hoursHelp}
      rules={[{ validator: apart }]}
    >
      <OpeningHours />
    </Form.Item>
  );
}

function GapField() {
  const words = useWords(sitesWords);
  return (
    <Form.Item
      name="visit_gap_minutes"
      label={`${words.gap} (${words.gapUnit})`}
      extra={words.gapHelp}
      rules={[{ required: true, type: "number", min: 0, max: 1440, message: words.gapWrong }]}
    >
      <InputNumber className="!w-32" />
    </Form.Item>
  );
}
