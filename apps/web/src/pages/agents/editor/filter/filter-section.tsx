import { Button, Divider, Group, Menu, Stack, TagsInput, Textarea } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { Fragment } from 'react';
import { ErrorState } from '../../../../components/error-state.js';
import { Panel } from '../../../../components/panel.js';
import { useDraft } from '../draft/use-draft.js';
import { BreakerFields } from './breaker-fields.js';
import { FilterTrial } from './filter-trial.js';
import { READY_MADE } from './ready-made.js';
import { useFilterTest } from './use-filter-test.js';

const MAX_IGNORED = 50;

/** Which events run, tried on past events while it is typed. */
export function FilterSection() {
  const { draft, values, readOnly, set, errorAt } = useDraft();
  const { test, fault, error } = useFilterTest();
  const filter = values.filter ?? '';
  const ignored = values.ignore_senders ?? [];
  const typed = fault && `Line ${fault.line}, column ${fault.column}: ${fault.message}`;
  const ignoredError = draft.issues.find(({ path }) => path.startsWith('/ignore_senders'))?.message;
  return (
    <Panel
      title="Filter"
      description="Which events run. The others get 200 and do not run; the last 100 are listed under Activity."
      actions={!readOnly && <ReadyMadeMenu onPick={(picked) => set('filter', picked)} />}
    >
      <Stack gap="sm">
        <Textarea
          label="Filter"
          description="A CEL expression over payload, headers and query that is true or false. Empty: all events run."
          placeholder='headers["x-github-event"] == "issues" && payload.action == "opened"'
          autosize
          minRows={3}
          maxRows={14}
          maxLength={4_000}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={filter}
          readOnly={readOnly}
          error={filter === '' ? undefined : (typed ?? errorAt('/filter'))}
          onChange={({ currentTarget }) =>
            set('filter', currentTarget.value === '' ? null : currentTarget.value)
          }
        />
        <TagsInput
          label="Ignored senders"
          description="Logins or ids whose events do not run, such as the account that the agent writes with."
          placeholder={ignored.length === 0 && !readOnly ? 'octobot[bot]' : ''}
          maxTags={MAX_IGNORED}
          value={ignored}
          readOnly={readOnly}
          error={ignoredError}
          onChange={(senders) => set('ignore_senders', senders)}
        />
        {error && <ErrorState error={error} />}
        {test && (filter !== '' || ignored.length > 0) && <FilterTrial test={test} />}
        <Divider />
        <BreakerFields />
      </Stack>
    </Panel>
  );
}

function ReadyMadeMenu({ onPick }: { onPick: (filter: string) => void }) {
  const senders = [...new Set(READY_MADE.map(({ sender }) => sender))];
  return (
    <Group gap="xs">
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" leftSection={<IconFilterPlus size={14} aria-hidden />}>
            Ready-made filters
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {senders.map((sender) => (
            <Fragment key={sender}>
              <Menu.Label>{sender}</Menu.Label>
              {READY_MADE.filter((one) => one.sender === sender).map(({ label, filter }) => (
                <Menu.Item key={label} onClick={() => onPick(filter)}>
                  {label}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
