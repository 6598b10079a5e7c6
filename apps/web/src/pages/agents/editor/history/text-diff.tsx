import { Code, Text } from '@mantine/core';
import { structuredPatch } from 'diff';
import classes from './text-diff.module.css';

/** How many unchanged lines are shown around a change. */
const CONTEXT_LINES = 3;
/** Upper bound for comparing two texts, in ms. */
const TIMEOUT_MS = 500;

const KINDS = { '+': 'added', '-': 'removed', ' ': 'same' } as const;

/** The changes between two texts, line by line. Signs as well as colours mark what was added and removed. */
export default function TextDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const options = { context: CONTEXT_LINES, timeout: TIMEOUT_MS };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  if (patch === undefined) {
    return (
      <Text size="sm" c="dimmed">
        The two texts have too little in common for a line-by-line comparison.
      </Text>
    );
  }
  return (
    <Code block className={classes.diff} tabIndex={0} role="region" aria-label={label}>
      {patch.hunks.map(({ oldStart, newStart, lines }, index) => (
        <div key={`${oldStart} ${newStart}`} className={index > 0 ? classes.gap : undefined}>
          {lines
            .filter((line) => !line.startsWith('\\'))
            .map((line, at) => (
              // The lines of one patch have no identity but their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <Line key={at} line={line} />
            ))}
        </div>
      ))}
    </Code>
  );
}

function Line({ line }: { line: string }) {
  const kind = KINDS[line[0] as keyof typeof KINDS] ?? 'same';
  const Tag = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
  return (
    <Tag className={classes.line} data-kind={kind}>
      {line}
    </Tag>
  );
}
