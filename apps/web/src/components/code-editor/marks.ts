import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';

export interface EditorMark {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

/**
 * Marks from each place to the end of its line. A place beyond the text, which may have changed, moves to its
 * end.
 */
export const toDiagnostics = (doc: Text, marks: EditorMark[]): Diagnostic[] =>
  marks.map(({ line, column, message }) => {
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
    return { from, to: at.to, severity: 'error', message };
  });
