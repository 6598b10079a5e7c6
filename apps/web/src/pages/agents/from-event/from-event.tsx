import { Button, Group } from '@mantine/core';
import { IconFilterPlus, IconPlayerPlay, IconSchema, type Icon as TablerIcon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { use } from 'react';
import { useSession } from '../../../app/session.js';
import { filterOf, type SampleEvent } from './filter-of.js';
import { FromEventContext, MAKES, type Make } from './from-event-context.js';

const LABELS: Record<Make, { label: string; Icon: TablerIcon }> = {
  schema: { label: 'Make its schema', Icon: IconSchema },
  filter: { label: 'Filter by its kind', Icon: IconFilterPlus },
  example: { label: 'Try it', Icon: IconPlayerPlay },
};

interface FromEventProps {
  agentId: string;
  /** The task, rejection or filtered event. */
  from: string;
  event: SampleEvent;
}

/** One click makes a schema, a filter or an example of an event, in the draft of its agent. */
export function FromEvent({ agentId, from, event }: FromEventProps) {
  const { can } = useSession();
  const onMake = use(FromEventContext);
  const hasKind = filterOf(event) !== undefined;
  const offered = MAKES.filter(
    (make) => (make === 'example' || can('admin')) && (make !== 'filter' || hasKind),
  );
  return (
    <Group gap="xs" role="group" aria-label="From this event">
      {offered.map((make) => {
        const { label, Icon } = LABELS[make];
        const look = {
          size: 'compact-sm',
          variant: 'default',
          leftSection: <Icon size={14} aria-hidden />,
        } as const;
        return onMake ? (
          <Button key={make} {...look} onClick={() => onMake(make, event)}>
            {label}
          </Button>
        ) : (
          <Button
            key={make}
            {...look}
            renderRoot={(props) => (
              <Link
                to="/agents/$agentId"
                params={{ agentId }}
                search={{ payload_from: from, make }}
                {...props}
              />
            )}
          >
            {label}
          </Button>
        );
      })}
    </Group>
  );
}
