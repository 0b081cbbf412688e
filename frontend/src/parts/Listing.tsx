// A list that grows by "show more": a table where there is room, cards on a phone, and all four states.

import { Button, Grid, Table, type TableColumnsType } from "antd";
import type { Key, MouseEvent, ReactNode } from "react";
import { type Problem, problemOf } from "@/api/problem";
import { useWords } from "@/words/words";
import { Failed, Loading, NothingYet } from "./PageState";
import { sharedWords } from "./words";

/** What `api.useInfiniteQuery(…, { pageParamName: "cursor", initialPageParam: "", getNextPageParam })` gives. */
interface Pages<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
  readonly refetch: () => unknown;
}

interface ListingProps<T> {
  readonly pages: Pages<T>;
  readonly columns: TableColumnsType<T>;
  readonly keyOf: (row: T) => Key;
  /** How a row looks on a phone; without it the table scrolls sideways. */
  readonly card?: (row: T) => ReactNode;
  /** How a row looks in a gallery; with it there is no table at any width. */
  readonly tile?: ((row: T) => ReactNode) | undefined;
  /** What an empty list says: why it is empty, and what fills it. */
  readonly empty: string;
  readonly label: string;
  readonly onOpen?: (row: T) => void;
}

/** The options that make an infinite query of a list follow its cursor. */
export const BY_CURSOR = {
  pageParamName: "cursor",
  initialPageParam: "", // an empty cursor is the first page; without one the client library would send 0
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor ?? undefined,
};

/** Opens a row by a click anywhere in it; a link or button in it does its own, and would else be gone back from twice. */
function opensOnClick(open: () => void) {
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const own = event.target instanceof Element && event.target.closest("a, button, input");
    if (!own) open();
  };
  return { onClick, className: "cursor-pointer" };
}

export function Listing<T extends object>(props: ListingProps<T>) {
  const { pages, columns, keyOf, card, tile, empty, label, onOpen } = props;
  const words = useWords(sharedWords);
  const wide = Grid.useBreakpoint().md ?? true;
  if (pages.isPending) return <Loading />;
  if (pages.error) {
    const problem: Problem = problemOf(pages.error);
    return <Failed problem={problem} onRetry={() => void pages.refetch()} />;
  }
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.length === 0) return <NothingYet say={empty} />;
  return (
    <section aria-label={label}>
      {tile ? (
        <ul className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3 p-0">
          {rows.map((row) => (
            <li key={keyOf(row)}>{tile(row)}</li>
          ))}
        </ul>
      ) : card && !wide ? (
        <ul className="m-0 flex list-none flex-col gap-2 p-0">
          {rows.map((row) => (
            <li key={keyOf(row)}>{card(row)}</li>
          ))}
        </ul>
      ) : (
        <Table<T>
          columns={columns}
          dataSource={rows}
          rowKey={keyOf}
          pagination={false}
          scroll={{ x: "max-content" }}
          size="middle"
          {...(onOpen ? { onRow: (row: T) => opensOnClick(() => onOpen(row)) } : {})}
        />
      )}
      {pages.hasNextPage && (
        <Button
          block
          className="mt-3"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </section>
  );
}
