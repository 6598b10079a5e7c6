import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { api } from '../api/client.js';

/** As many as the api accepts. */
const MOST = 10;

type Props = Pick<MultiSelectProps, 'label' | 'description' | 'readOnly' | 'error'> & {
  value: string[];
  onChange: (channels: string[]) => void;
};

/** Chooses notify channels by name. A chosen one that was deleted stays until it is removed. */
export function ChannelPicker({ value, onChange, ...props }: Props) {
  const { data } = api.useQuery('get', '/api/notify-channels');
  const names = (data?.channels ?? []).map(({ name }) => name);
  return (
    <MultiSelect
      {...props}
      name="channels"
      data={[...new Set([...names, ...value])]}
      value={value}
      maxValues={MOST}
      placeholder={value.length === 0 ? 'Choose channels' : ''}
      nothingFoundMessage="There are no channels: create one under Alerts."
      comboboxProps={{ withinPortal: false }}
      onChange={onChange}
    />
  );
}
