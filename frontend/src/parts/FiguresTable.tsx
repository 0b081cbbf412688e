// The rows of a chart as a table; fetched when somebody asks for it.

import { Table, type TableColumnsType } from "antd";

interface FiguresTableProps {
  // biome-ignore lint/suspicious/noExplicitAny: a lazy component cannot be generic; Chart holds columns and rows together
  readonly columns: TableColumnsType<any>;
  readonly rows: readonly { readonly key: string }[];
  readonly height: number;
}

export default function FiguresTable({ columns, rows, height }: FiguresTableProps) {
  return (
    <Table
      columns={columns}
      dataSource={rows}
      pagination={false}
      size="small"
      scroll={{ x: "max-content", y: height }}
    />
  );
}
