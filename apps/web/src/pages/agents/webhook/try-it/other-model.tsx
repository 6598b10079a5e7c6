import { Autocomplete, Button, Group } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useState } from 'react';
import { NeedsRole } from '../../../../components/needs-role.js';
import { useModelOptions } from '../../model-input.js';

interface OtherModelProps {
  /** The model that was asked last. */
  model: string;
  isSending: boolean;
  onSend: (model: string) => void;
}

/** Sends the same test to another model. */
export function OtherModel({ model, isSending, onSend }: OtherModelProps) {
  const [typed, setTyped] = useState('');
  const { examples, renderOption } = useModelOptions();
  const other = typed.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (other !== '' && !isSending) onSend(other);
      }}
    >
      <Group gap="xs" align="flex-end">
        <Autocomplete
          label="The same on another model"
          placeholder={model}
          flex="1 1 180px"
          size="sm"
          data={examples.filter((example) => example !== model)}
          filter={({ options }) => options}
          renderOption={renderOption}
          maxDropdownHeight={220}
          comboboxProps={{ withinPortal: false, position: 'top' }}
          maxLength={200}
          spellCheck={false}
          value={typed}
          onChange={setTyped}
        />
        <NeedsRole role="operator">
          <Button
            type="submit"
            variant="default"
            leftSection={<IconArrowsSplit2 size={16} aria-hidden />}
            loading={isSending}
            disabled={other === ''}
          >
            Compare
          </Button>
        </NeedsRole>
      </Group>
    </form>
  );
}
