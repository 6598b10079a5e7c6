# Sends event.json as Typeform does (Typeform-Signature). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
SIGNATURE=$(openssl dgst -sha256 -hmac "$SECRET" -binary < event.json | openssl base64 -A)
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "Typeform-Signature: sha256=$SIGNATURE"
