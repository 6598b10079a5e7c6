# Sends a slash command as Mattermost does, and prints the message that it would show. Needs WEBHOOK_URL and SECRET.
set -eu
curl -fsS "$WEBHOOK_URL" -H "Authorization: Token $SECRET" \
  --data-urlencode 'command=/ask' --data-urlencode 'text=Which paper does the P300 take?' \
  --data-urlencode 'user_name=ada' --data-urlencode 'channel_name=town-square' \
  --data-urlencode "trigger_id=${TRIGGER_ID:-$(openssl rand -hex 16)}"
