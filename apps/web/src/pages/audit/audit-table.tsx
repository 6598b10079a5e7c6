import { Anchor, Badge, Code, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { NO_VALUE } from '../../components/format.js';
import { RelativeTime } from '../../components/times.js';

type Entry = Schema<'AuditEntry'>;

const TITLES = ['When', 'Who', 'Action', 'Object', 'State before and after'];
/** How much of a hash is shown. */
const SHOWN = 8;

/** The entries of a page of the audit log. */
export function AuditTable({ entries }: { entries: Entry[] }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {TITLES.map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <RelativeTime at={entry.at} />
              </Table.Td>
              <Table.Td>
                <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                  {entry.actor.name}
                </Text>
                {entry.actor.session_id && (
                  <Text size="xs" c="dimmed">
                    in a browser
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {entry.action}
                {entry.outcome !== 'done' && (
                  <Badge ml="xs" color="orange" variant="light">
                    {entry.outcome}
                  </Badge>
                )}
                {Object.entries(entry.details).map(([name, value]) => (
                  <Text key={name} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {name}: {value}
                  </Text>
                ))}
              </Table.Td>
              <Table.Td>
                <ObjectName object={entry.object} />
              </Table.Td>
              <Table.Td>
                <Hash value={entry.before} /> → <Hash value={entry.after} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
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
