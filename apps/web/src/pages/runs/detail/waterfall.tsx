import { Anchor, Box, Text } from '@mantine/core';
import { formatDuration } from '../../../components/format.js';
import { OutsideText } from '../../../components/outside-text.js';
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
        {rows.map(({ id, kind, label, from, to, item, isNested, hasFailed }) => (
          <tr key={id} data-failed={hasFailed || undefined}>
            <th scope="row" className={classes.label} data-nested={isNested || undefined}>
              {item === undefined ? (
                <OutsideText text={label} />
              ) : (
                <Anchor component="button" type="button" inherit c="inherit" onClick={() => onChoose(item)}>
                  <OutsideText text={label} />
                </Anchor>
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
