// Visits as a gallery of faces or as a table; on the visits page and in a customer's history.

import { Card, type TableColumnsType, Typography } from "antd";
import type { ComponentProps } from "react";
import { Link, useNavigate } from "react-router";
import type { Visit } from "@/api/schema";
import { useMay } from "@/app/session";
import { Face } from "@/parts/Face";
import { Listing } from "@/parts/Listing";
import { StatusTag } from "@/parts/StatusTag";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { askVisitFace, useNameOf } from "./naming";
import { peopleWords } from "./words";

export type VisitView = "gallery" | "table";
interface VisitListingProps {
  readonly pages: ComponentProps<typeof Listing<Visit>>["pages"];
  readonly view: VisitView;
  readonly empty: string;
}

export function VisitListing({ pages, view, empty }: VisitListingProps) {
  const words = useWords(peopleWords);
  const navigate = useNavigate();
  const columns = useVisitColumns();
  return (
    <Listing<Visit>
      pages={pages}
      columns={columns}
      keyOf={(visit) => visit.visit_id}
      tile={view === "gallery" ? (visit) => <VisitTile visit={visit} /> : undefined}
      card={(visit) => <VisitRow visit={visit} />}
      label={words.visitsLabel}
      empty={empty}
      onOpen={(visit) => void navigate(`/visits/${visit.visit_id}`)}
    />
  );
}

/** A visit's face, where there is one and the role may see it. */
export function VisitFace({ visit, size }: { readonly visit: Visit; readonly size: number }) {
  const nameOf = useNameOf();
  const maySee = useMay("faces.see");
  return (
    <Face
      who={nameOf(visit.customer)}
      of={visit.has_face && maySee ? ["visit", visit.visit_id] : undefined}
      ask={() => askVisitFace(visit.visit_id)}
      size={size}
    />
  );
}

function VisitTile({ visit }: { readonly visit: Visit }) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  return (
    <Link to={`/visits/${visit.visit_id}`} data-visit={visit.visit_id} className="block h-full">
      <Card size="small" hoverable className="h-full">
        <div className="flex flex-col items-center gap-2 text-center">
          <VisitFace visit={visit} size={120} />
          <Typography.Text strong ellipsis className="w-full">
            {nameOf(visit.customer)}
          </Typography.Text>
          <StatusTag status={visit.status} />
          <Typography.Text type="secondary" className="text-sm">
            {format.dateTime(visit.started_at, visit.time_zone)}
            {visit.customer && <span className="block">{words.nthVisit(visit.customer.visit_number)}</span>}
          </Typography.Text>
        </div>
      </Card>
    </Link>
  );
}

function VisitRow({ visit }: { readonly visit: Visit }) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  return (
    <Link to={`/visits/${visit.visit_id}`} data-visit={visit.visit_id}>
      <Card size="small">
        <div className="flex items-center gap-3">
          <VisitFace visit={visit} size={64} />
          <div className="min-w-0 flex-1">
            <Typography.Text strong ellipsis className="!block text-base">
              {nameOf(visit.customer)}
            </Typography.Text>
            <span className="flex flex-wrap items-center gap-x-2">
              <StatusTag status={visit.status} />
              {visit.customer && (
                <Typography.Text>{words.nthVisit(visit.customer.visit_number)}</Typography.Text>
              )}
            </span>
            <Typography.Text type="secondary" className="!block text-sm">
              {visit.site_name} · {format.dateTime(visit.started_at, visit.time_zone)}
            </Typography.Text>
          </div>
        </div>
      </Card>
    </Link>
  );
}

function useVisitColumns(): TableColumnsType<Visit> {
  const words = useWords(peopleWords);
  const format = useFormat();
  const nameOf = useNameOf();
  const stayOf = useStayOf();
  return [
    {
      title: words.who,
      key: "who",
      render: (_, visit) => (
        <span className="flex items-center gap-3">
          <VisitFace visit={visit} size={44} />
          <span>
            <Link to={`/visits/${visit.visit_id}`} data-visit={visit.visit_id}>
              {nameOf(visit.customer)}
            </Link>
            {visit.customer && (
              <Typography.Text type="secondary" className="!block text-sm">
                {words.nthVisit(visit.customer.visit_number)}
              </Typography.Text>
            )}
          </span>
        </span>
      ),
    },
    { title: words.status, key: "status", render: (_, visit) => <StatusTag status={visit.status} /> },
    { title: words.site, dataIndex: "site_name" },
    {
      title: words.when,
      key: "when",
      render: (_, visit) => format.dateTime(visit.started_at, visit.time_zone),
    },
    {
      title: words.stayed,
      key: "stayed",
      align: "right",
      render: (_, visit) => stayOf(visit),
    },
    { title: words.gender, key: "gender", render: (_, visit) => words.genders[visit.gender] },
    { title: words.direction, key: "direction", render: (_, visit) => words.directions[visit.direction] },
  ];
}

/** Tells how long a visit lasted. */
export function useStayOf(): (visit: Pick<Visit, "started_at" | "ended_at">) => string {
  const words = useWords(peopleWords);
  const format = useFormat();
  return (visit) => {
    const seconds = (Date.parse(visit.ended_at) - Date.parse(visit.started_at)) / 1000;
    return seconds < 60 ? words.shortStay : format.duration(seconds);
  };
}
