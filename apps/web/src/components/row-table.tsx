import { Table, type TableProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './row-table.module.css';

export interface RowColumn<Row> {
  /** The head of the column; empty for one with buttons. */
  title: string;
  cell: (row: Row) => ReactNode;
  /** Where the table is narrow, the cell takes a line of its own, without its title. */
  isName?: boolean;
  align?: 'right';
  /** The cell does not wrap. */
  noWrap?: boolean;
  /** Smallest width in CSS pixels. */
  least?: number;
}

interface RowTableProps<Row> extends Pick<TableProps, 'aria-label' | 'verticalSpacing'> {
  columns: readonly RowColumn<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

/**
 * A table whose rows become cards where it is too narrow for its columns, so that it never scrolls sideways.
 * Elements that are no longer shown as a table lose its roles, which are therefore written out.
 */
export function RowTable<Row>({ columns, rows, keyOf, ...rest }: RowTableProps<Row>) {
  return (
    <div className={classes.frame}>
      <Table className={classes.table} role="table" {...rest}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map(({ title, align }) =>
              title === '' ? (
                <Table.Td key={title} aria-hidden />
              ) : (
                <Table.Th key={title} role="columnheader" ta={align}>
                  {title}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)} role="row">
              {columns.map(({ title, cell, isName, align, noWrap, least }) => (
                <Table.Td
                  key={title}
                  role="cell"
                  className={classes.cell}
                  data-title={isName ? undefined : title}
                  data-name={isName}
                  data-align={align}
                  miw={least}
                  data-nowrap={noWrap}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
