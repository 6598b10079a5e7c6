import { NumberInput } from '@mantine/core';
import { useDraft } from '../draft/use-draft.js';
import { HELP_BELOW } from '../help-below.js';

interface NumberFieldProps {
  at: string;
  label: string;
  description: string;
  min: number;
  max: number;
  /** Whether the number may have decimals. */
  isDecimal?: boolean;
  value: number;
  onChange: (value: number) => void;
}

/** A number of a conversation or a burst. */
export function NumberField({
  at,
  label,
  description,
  min,
  max,
  isDecimal,
  value,
  onChange,
}: NumberFieldProps) {
  const { readOnly, errorAt } = useDraft();
  return (
    <NumberInput
      label={label}
      description={description}
      inputWrapperOrder={HELP_BELOW}
      min={min}
      max={max}
      decimalScale={isDecimal ? 1 : 0}
      thousandSeparator=","
      value={value}
      readOnly={readOnly}
      error={errorAt(at)}
      onChange={(next) => typeof next === 'number' && onChange(next)}
    />
  );
}
