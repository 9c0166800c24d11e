import { Table } from '../table.ts';
import type { ToolRow } from '../table.ts';

/** What was seen of one tool, in the words of the table. */
export interface Row extends ToolRow {
  readonly reads: string;
  readonly refreshes: string;
  readonly writes: string;
  readonly beginAtOnce: string;
  readonly oursFirst: string;
  readonly itsFirst: string;
}

export const SHARING_TABLE = new Table<Row>('sharing', {
  tool: 'tool',
  from: 'from',
  version: 'version',
  reads: 'reads what we share',
  refreshes: 'refreshes it',
  writes: 'writes the file, and times in it',
  beginAtOnce: 'is called as we refresh',
  oursFirst: 'both have sent the same token, we first',
  itsFirst: 'both have sent the same token, it first',
});

/** What of a row changes only when somebody changes the tool or the extension. */
export function steady({ version: _version, beginAtOnce: _chance, ...seen }: Row): Partial<Row> {
  return seen;
}
