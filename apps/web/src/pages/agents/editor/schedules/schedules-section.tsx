import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { Panel } from '../../../../components/panel.js';
import { isSame } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { useListKeys } from '../tools/use-list-keys.js';
import { MAX_SCHEDULES, newSchedule } from './schedule.js';
import { ScheduleCard } from './schedule-card.js';

const REFRESH_MS = 10_000;

/** When the agent runs by itself. */
export function SchedulesSection() {
  const { draft, values, readOnly, set, errorAt } = useDraft();
  // Agents saved before this field existed have none.
  const schedules = values.schedules ?? [];
  const saved = draft.base.schedules ?? [];
  const keys = useListKeys(schedules.length);
  const [added, setAdded] = useState<number>();
  const { data } = api.useQuery(
    'get',
    '/api/agents/{id}/schedules',
    { params: { path: { id: draft.base.id } } },
    { enabled: saved.length > 0, refetchInterval: REFRESH_MS },
  );

  return (
    <Panel
      title="Schedules"
      description="When the agent runs by itself, without an event."
      actions={
        !readOnly && (
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={schedules.length >= MAX_SCHEDULES}
            onClick={() => {
              setAdded(keys.add());
              set('schedules', [...schedules, newSchedule(schedules)]);
            }}
          >
            Add schedule
          </Button>
        )
      }
    >
      <Stack gap="xs">
        {schedules.length === 0 && (
          <Text size="sm" c="dimmed">
            No schedules yet: the agent runs when an event comes.
          </Text>
        )}
        {errorAt('/schedules') && (
          <Text size="sm" c="red" role="alert">
            {errorAt('/schedules')}
          </Text>
        )}
        {schedules.map((schedule, index) => {
          const key = keys.keys[index];
          // What the api says is about the saved schedule.
          const isSaved = saved.some((one) => isSame(one, schedule));
          return (
            <ScheduleCard
              key={key}
              agentId={draft.base.id}
              schedule={schedule}
              index={index}
              startsOpen={key === added}
              state={isSaved ? data?.schedules.find(({ id }) => id === schedule.id) : undefined}
              onChange={(changed, at) => set('schedules', schedules.with(index, changed), at)}
              onRemove={() => {
                keys.remove(index);
                set('schedules', schedules.toSpliced(index, 1));
              }}
            />
          );
        })}
      </Stack>
    </Panel>
  );
}
