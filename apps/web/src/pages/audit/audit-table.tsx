import { Anchor, Badge, Code, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { NO_VALUE } from '../../components/format.js';
import { RowTable } from '../../components/row-table.js';
import { RelativeTime } from '../../components/times.js';

type Entry = Schema<'AuditEntry'>;

/** How much of a hash is shown. */
const SHOWN = 8;

/** The entries of a page of the audit log. */
export function AuditTable({ entries }: { entries: Entry[] }) {
  return (
    <RowTable
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        { title: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
        { title: 'Who', cell: (entry) => <Actor {...entry} /> },
        { title: 'Action', isName: true, cell: (entry) => <Action {...entry} /> },
        { title: 'Object', cell: ({ object }) => <ObjectName object={object} /> },
        {
          title: 'State before and after',
          cell: ({ before, after }) => (
            <>
              <Hash value={before} /> → <Hash value={after} />
            </>
          ),
        },
      ]}
    />
  );
}

function Actor({ actor }: Pick<Entry, 'actor'>) {
  return (
    <>
      <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {actor.name}
      </Text>
      {actor.session_id && (
        <Text size="xs" c="dimmed">
          in a browser
        </Text>
      )}
    </>
  );
}

function Action({ action, outcome, details }: Pick<Entry, 'action' | 'outcome' | 'details'>) {
  return (
    <>
      {action}
      {outcome !== 'done' && (
        <Badge ml="xs" color="orange" variant="light">
          {outcome}
        </Badge>
      )}
      {Object.entries(details).map(([name, value]) => (
        <Text key={name} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {name}: {value}
        </Text>
      ))}
    </>
  );
}

function ObjectName({ object: { type, id } }: Pick<Entry, 'object'>) {
  if (id === null) return type;
  const name = (
    <Text size="xs" component="span" style={{ overflowWrap: 'anywhere' }}>
      {id}
    </Text>
  );
  return (
    <>
      {type}
      <br />
      {type === 'agent' ? (
        <Anchor renderRoot={(props) => <Link to="/agents/$agentId" params={{ agentId: id }} {...props} />}>
          {name}
        </Anchor>
      ) : (
        name
      )}
    </>
  );
}

function Hash({ value }: { value: string | null }) {
  return value === null ? NO_VALUE : <Code title={value}>{value.slice(0, SHOWN)}</Code>;
}
