import { Anchor, Box, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../../components/format.js';
import { OutsideText } from '../../../components/outside-text.js';
import { RunLink } from './run-link.js';
import classes from './waterfall.module.css';
import type { Row } from './waterfall-rows.js';

interface WaterfallProps {
  rows: readonly Row[];
  onChoose: (item: string) => void;
}

/** Each turn, call and wait of a run as a bar in time. */
export function Waterfall({ rows, onChoose }: WaterfallProps) {
  const start = Math.min(...rows.map(({ from }) => from));
  const all = Math.max(1, Math.max(...rows.map(({ to }) => to)) - start);
  const percent = (ms: number) => `${(100 * ms) / all}%`;
  return (
    <table className={classes.waterfall}>
      <thead className={classes.head}>
        <tr>
          <th>What</th>
          <th>
            When, from {formatDuration(0)} to {formatDuration(all)}
          </th>
          <th>Took</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, kind, label, from, to, item, isNested, hasFailed, run, isOfChild }) => (
          <tr key={id} data-failed={hasFailed || undefined}>
            <th
              scope="row"
              className={classes.label}
              data-nested={isNested || undefined}
              data-child={isOfChild || undefined}
            >
              <Label label={label} item={item} run={isOfChild ? run : undefined} onChoose={onChoose} />
              {run !== undefined && !isOfChild && (
                <>
                  {' '}
                  <RunLink taskId={run} />
                </>
              )}
            </th>
            <td className={classes.track}>
              <Box
                className={kind === 'attempt' ? classes.mark : classes.bar}
                data-kind={kind}
                title={`${label}: from ${formatDuration(from - start)}, ${formatDuration(to - from)}`}
                style={{ insetInlineStart: percent(from - start), width: percent(to - from) }}
              />
            </td>
            <td className={classes.took}>
              <Text span inherit>
                {kind === 'attempt' ? '' : formatDuration(to - from)}
              </Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface LabelProps {
  label: string;
  item: string | undefined;
  /** The run that the line belongs to, if it is another one. */
  run: string | undefined;
  onChoose: (item: string) => void;
}

/** What a line is about: a way to its details, if it has any here or in its own run. */
function Label({ label, item, run, onChoose }: LabelProps) {
  const text = <OutsideText text={label} />;
  if (run !== undefined) {
    return (
      <Anchor
        inherit
        c="inherit"
        renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId: run }} {...props} />}
      >
        {text}
      </Anchor>
    );
  }
  if (item === undefined) return text;
  return (
    <Anchor component="button" type="button" inherit c="inherit" onClick={() => onChoose(item)}>
      {text}
    </Anchor>
  );
}
