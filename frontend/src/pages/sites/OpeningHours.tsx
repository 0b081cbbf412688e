// The week of a shop to be edited: for each day none, one or several stretches.

import { CloseOutlined, CopyOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, TimePicker, Typography } from "antd";
import dayjs from "dayjs";
import type { OpenHours } from "@/api/schema";
import { useWords } from "@/words/words";
import {
  isOverNight,
  likeAllWeek,
  MOST_SPANS,
  nextSpan,
  ofDay,
  shortTime,
  WEEKDAYS,
  type Weekday,
} from "./hours";
import { sitesWords } from "./words";

interface OpeningHoursProps {
  /** Both given by the form's field. */
  readonly value?: OpenHours[];
  readonly onChange?: (hours: OpenHours[]) => void;
  readonly id?: string;
}

export function OpeningHours({ value = [], onChange, id }: OpeningHoursProps) {
  const words = useWords(sitesWords);
  const told = (hours: OpenHours[]) => onChange?.(hours);
  return (
    <div id={id} className="flex flex-col gap-2">
      {WEEKDAYS.map((day) => (
        <Day key={day} day={day} hours={value} onChange={told} />
      ))}
      <Button
        className="self-start"
        icon={<CopyOutlined aria-hidden />}
        disabled={ofDay(value, "monday").length === 0}
        onClick={() => told(likeAllWeek(value, "monday"))}
      >
        {words.toAllDays}
      </Button>
    </div>
  );
}

interface DayProps {
  readonly day: Weekday;
  readonly hours: OpenHours[];
  readonly onChange: (hours: OpenHours[]) => void;
}

function Day({ day, hours, onChange }: DayProps) {
  const words = useWords(sitesWords);
  const name = words.days[day];
  const spans = ofDay(hours, day);
  const replace = (before: OpenHours, after: Partial<OpenHours>) =>
    onChange(hours.map((span) => (span === before ? { ...span, ...after } : span)));
  return (
    <div className="flex items-start gap-2" data-day={day}>
      <Typography.Text className="w-10 flex-none pt-1.5 sm:w-24">
        <span className="max-sm:hidden">{name}</span>
        <span className="sm:hidden">{words.shortDays[day]}</span>
      </Typography.Text>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        {spans.length === 0 && (
          <Typography.Text type="secondary" className="pt-1.5">
            {hours.length > 0 ? words.closedDay : "–"}
          </Typography.Text>
        )}
        {spans.map((span, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is what its two times say, and they change while one types
          <div key={place} className="flex flex-wrap items-center gap-x-1 gap-y-0">
            <TimeOfDay
              label={words.fromOn(name)}
              value={span.opens}
              onChange={(opens) => replace(span, { opens })}
            />
            <span aria-hidden>–</span>
            <TimeOfDay
              label={words.toOn(name)}
              value={span.closes}
              onChange={(closes) => replace(span, { closes })}
            />
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={words.removeSpan(name, shortTime(span.opens))}
              onClick={() => onChange(hours.filter((one) => one !== span))}
            />
            {isOverNight(span) && (
              <Typography.Text type="secondary" className="basis-full text-xs">
                {words.overNight}
              </Typography.Text>
            )}
          </div>
        ))}
      </div>
      <Button
        type="text"
        icon={<PlusOutlined aria-hidden />}
        aria-label={words.addSpan(name)}
        disabled={hours.length >= MOST_SPANS}
        onClick={() => onChange([...hours, nextSpan(hours, day)])}
      />
    </div>
  );
}

interface TimeOfDayProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** By 24 hours, whatever the browser's own clock shows. */
function TimeOfDay({ label, value, onChange }: TimeOfDayProps) {
  return (
    <TimePicker
      aria-label={label}
      className="!w-20"
      format="HH:mm"
      minuteStep={5}
      needConfirm={false}
      showNow={false}
      allowClear={false}
      suffixIcon={null}
      value={dayjs(`2000-01-01T${shortTime(value)}`)}
      onChange={(time) => time && onChange(time.format("HH:mm"))}
      onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} // takes the time, sends no form
    />
  );
}
