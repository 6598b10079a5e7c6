import { Box, Button, Code } from '@mantine/core';
import { useMemo, useState } from 'react';
import { CopyButton } from './copy-button.js';
import { formatNumber } from './format.js';
import { OutsideText } from './outside-text.js';
import { partsOf } from './text-parts.js';
import classes from './text-view.module.css';

/** How many characters are shown at first. */
const FIRST = 10_000;

interface TextViewProps {
  text: string;
  /** Announced to screen readers and used as the label of the copy button. */
  what: string;
  /** In CSS pixels. Longer content scrolls. */
  maxHeight?: number;
  /** Use a monospaced font. */
  isCode?: boolean;
}

/**
 * Shows a text of any length and origin, to read and copy. It shows the beginning first, and all of it on
 * request.
 */
export function TextView({ text, what, maxHeight = 400, isCode = false }: TextViewProps) {
  const [isWhole, setWhole] = useState(false);
  const parts = useMemo(() => partsOf(isWhole ? text : text.slice(0, FIRST)), [text, isWhole]);
  return (
    <Box pos="relative">
      <Code
        block
        className={isCode ? classes.text : `${classes.text} ${classes.prose}`}
        mah={maxHeight}
        tabIndex={0}
        role="region"
        aria-label={what}
      >
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
          <span key={index} className={classes.part}>
            <OutsideText text={part} />
          </span>
        ))}
      </Code>
      <Box className={classes.copy}>
        <CopyButton value={text} what={what} />
      </Box>
      {text.length > FIRST && !isWhole && (
        <Button variant="subtle" size="compact-sm" mt={4} onClick={() => setWhole(true)}>
          Show all {formatNumber(text.length)} characters
        </Button>
      )}
    </Box>
  );
}
