import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { explain } from '../../../../api/problem.js';
import { formatRelative } from '../../../../components/format.js';
import { useNow } from '../../../../components/use-now.js';
import { useDraft } from '../draft/use-draft.js';
import { type ChosenPayload, recentTasksQuery } from './use-chosen-payload.js';

const TYPED = 'typed';
const MINUTE_MS = 60_000;

/** Chooses the preview's payload: from a recent task, or typed by the user. */
export function PayloadPicker({ payload }: { payload: ChosenPayload }) {
  const { draft } = useDraft();
  const { data } = useQuery(recentTasksQuery(draft.base.id));
  const minute = useNow((now) => Math.floor(now / MINUTE_MS));
  const tasks = (data?.tasks ?? []).map(({ task_id, status, trigger, created_at }) => ({
    value: task_id,
    label: `${formatRelative(new Date(created_at), Math.max(minute * MINUTE_MS, Date.parse(created_at)))} · ${trigger} · ${status} · ${task_id.slice(0, 8)}`,
  }));
  const { taskId } = payload;
  const isListed = taskId === null || tasks.some(({ value }) => value === taskId);
  const options = [
    { value: TYPED, label: 'Typed below' },
    ...tasks,
    ...(isListed ? [] : [{ value: taskId, label: `Run ${taskId.slice(0, 8)}` }]),
  ];
  return (
    <div>
      <Select
        label="Payload from"
        data={options}
        value={taskId ?? TYPED}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => {
          if (value === TYPED) payload.type(payload.text);
          else if (value !== null) payload.choose(value);
        }}
      />
      {payload.isWithheld && (
        <Text size="xs" c="dimmed" mt={4}>
          Your key may not see payloads, so type one.
        </Text>
      )}
      {payload.error !== null && payload.error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          {explain(payload.error).detail}
        </Text>
      )}
    </div>
  );
}
