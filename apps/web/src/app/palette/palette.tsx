import { Box, Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { OutsideText } from '../../components/outside-text.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import { useReturnFocus } from '../../components/use-return-focus.js';
import { useSession } from '../session.js';
import { type Entry, entriesOf } from './entries.js';
import classes from './palette.module.css';

interface PaletteProps {
  onClose: () => void;
  onShortcuts: () => void;
}

/** Goes to a page, an agent or a run by a few letters. */
export default function Palette({ onClose, onShortcuts }: PaletteProps) {
  useReturnFocus();
  const navigate = useNavigate();
  const agents = useAgentNames();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const { can, session } = useSession();
  const entries = entriesOf(text, agents, { can, seesPayloads: session.see_payloads });
  const current = Math.min(at, entries.length - 1);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate(entry.to as Parameters<typeof navigate>[0]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === '?' && text === '') {
      event.preventDefault();
      onShortcuts();
    }
    if (event.key === 'Enter') open(entries[current]);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || entries.length === 0) return;
    event.preventDefault();
    setAt((current + by + entries.length) % entries.length);
  };
  return (
    <Modal opened onClose={onClose} withCloseButton={false} yOffset="10vh" padding="xs" title="Go to">
      <TextInput
        data-autofocus
        size="md"
        placeholder="Go to a page, an agent or a run"
        aria-label="Go to a page, an agent or a run"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
        leftSection={<IconSearch size={18} aria-hidden />}
        maxLength={200}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label="Results" className={classes.list}>
        {entries.map((entry, n) => (
          // The field keeps the focus and handles the keys.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={entry.id}
            id={`${id}-${n}`}
            role="option"
            aria-selected={n === current}
            className={classes.entry}
            onMouseMove={() => setAt(n)}
            onClick={() => open(entry)}
            ref={n === current ? intoView : undefined}
          >
            <Box className={classes.label}>
              <OutsideText text={entry.label} />
            </Box>
            <Text size="xs" c="dimmed">
              {entry.kind}
            </Text>
          </div>
        ))}
      </div>
      <Text size="xs" c="dimmed" px={8} pt={6}>
        Enter opens, Esc closes, ? shows all shortcuts.
      </Text>
    </Modal>
  );
}

const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });
