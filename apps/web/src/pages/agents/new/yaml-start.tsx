import { Alert, Button, Code, FileButton, Group, Stack, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconUpload } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { Panel } from '../../../components/panel.js';
import { MAX_YAML_BYTES, readYaml } from './agent-yaml.js';
import { CreateForm } from './create-form.js';

/** Creates an agent from a file or a pasted text. Nothing is created before the user has seen it. */
export function YamlStart() {
  const [text, setText] = useState('');
  const [tooLarge, setTooLarge] = useState<string>();
  const shown = useDeferredValue(text);
  const read = useMemo(() => (shown.trim() === '' ? undefined : readYaml(shown)), [shown]);
  const take = async (file: File | null) => {
    if (file === null) return;
    const isTooLarge = file.size > MAX_YAML_BYTES;
    setTooLarge(isTooLarge ? `${file.name} is longer than 1 MiB.` : undefined);
    if (!isTooLarge) setText(await file.text());
  };
  const problem = tooLarge ?? (read && 'problem' in read ? read.problem : undefined);

  return (
    <Stack>
      <Panel
        title="The file"
        description="As written by “Export as YAML”. JSON works too."
        actions={
          <FileButton onChange={(file) => void take(file)} accept=".yaml,.yml,.json">
            {(props) => (
              <Button
                {...props}
                variant="default"
                size="xs"
                leftSection={<IconUpload size={16} aria-hidden />}
              >
                Choose a file
              </Button>
            )}
          </FileButton>
        }
      >
        <Textarea
          aria-label="YAML"
          placeholder={'name: Ticket triage\nsystem_prompt: …'}
          autosize
          minRows={6}
          maxRows={16}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={text}
          error={problem}
          onChange={({ currentTarget }) => {
            setTooLarge(undefined);
            setText(currentTarget.value);
          }}
        />
      </Panel>
      {read && 'config' in read && !tooLarge && (
        <>
          {read.unknown.length > 0 && <LeftOut names={read.unknown} />}
          <CreateForm key={shown} config={read.config} />
        </>
      )}
    </Stack>
  );
}

/** How many names are listed. */
const MAX_NAMES = 20;

function LeftOut({ names }: { names: string[] }) {
  return (
    <Alert
      color="yellow"
      role="status"
      icon={<IconAlertTriangle aria-hidden />}
      title="Unknown fields are left out"
    >
      <Group gap={6}>
        {names.slice(0, MAX_NAMES).map((name) => (
          <Code key={name}>{name.slice(0, 100)}</Code>
        ))}
        {names.length > MAX_NAMES && `and ${names.length - MAX_NAMES} more`}
      </Group>
    </Alert>
  );
}
