import { NumberInput, type NumberInputProps } from '@mantine/core';
import { useState } from 'react';
import { numberOf, shownOf } from './typed-number.js';

interface NumberFieldProps extends Omit<NumberInputProps, 'value' | 'defaultValue' | 'onChange'> {
  value: number | null | undefined;
  onChange: (value: number | null) => void;
}

/** A field for a number, or none. It keeps what is typed while that is not a complete number yet, as `0.`. */
export function NumberField({ value = null, onChange, ...props }: NumberFieldProps) {
  const [typed, setTyped] = useState<number | string>('');
  return (
    <NumberInput
      {...props}
      value={shownOf(typed, value)}
      onChange={(next) => {
        setTyped(next);
        onChange(numberOf(next));
      }}
    />
  );
}
