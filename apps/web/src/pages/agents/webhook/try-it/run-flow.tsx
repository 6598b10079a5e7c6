import { Text } from '@mantine/core';
import { formatDuration } from '../../../../components/format.js';
import classes from './live-run.module.css';
import type { LiveTask } from './task-events.js';

/** A run on one line: its steps and tool calls, each with its duration. */
export function RunFlow({ task: { state, steps, calls, failedAttempts, finished } }: { task: LiveTask }) {
  const turns = [...new Set([...steps.map(({ step }) => step), ...calls.map(({ step }) => step)])];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and is to be reached by the keyboard then
    <ol className={classes.flow} aria-label="Steps of the run" tabIndex={0}>
      <li>{state === undefined || state.status === 'PENDING' ? 'waiting to start' : 'started'}</li>
      {turns
        .sort((a, b) => a - b)
        .map((turn) => (
          <Turn
            key={turn}
            turn={turn}
            latencyMs={steps.findLast(({ step }) => step === turn)?.latency_ms}
            calls={calls.filter(({ step }) => step === turn)}
          />
        ))}
      {!finished && failedAttempts.length > 0 && (
        <li>
          attempt {failedAttempts.at(-1)?.attempt} failed: {failedAttempts.at(-1)?.code}
        </li>
      )}
      {finished && <li>{finished.status}</li>}
    </ol>
  );
}

interface TurnProps {
  turn: number;
  latencyMs: number | undefined;
  calls: LiveTask['calls'];
}

function Turn({ turn, latencyMs, calls }: TurnProps) {
  return (
    <>
      <li>
        step {turn} ·{' '}
        <Text span inherit c="dimmed">
          {formatDuration(latencyMs)}
        </Text>
      </li>
      {calls.map(({ call, name, ended }) => (
        <li key={call}>
          {name} ·{' '}
          <Text span inherit c={ended?.failed ? 'red' : 'dimmed'}>
            {ended === undefined
              ? 'runs'
              : `${ended.failed ? 'failed, ' : ''}${formatDuration(ended.duration_ms)}`}
          </Text>
        </li>
      ))}
    </>
  );
}
