#!/bin/sh
# Makes what must be secret, once: in a folder that only you can enter. Keep a copy of secret_key in another place.
set -eu
here=$(cd "$(dirname "$0")" && pwd)/secrets
if [ -e "$here" ]; then
    echo "$here is there already; nothing was changed." >&2
    exit 1
fi
mkdir -m 0700 "$here"
# The containers' user is not you: the files can be read, the folder cannot be entered.
umask 022
random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
password=$(random | tr -d '=-' | tr -d '_')
printf '%s' "$password" > "$here/database_password"
printf 'postgresql://contrapost:%s@database/contrapost' "$password" > "$here/database_url"
random > "$here/secret_key"
random | tr -d '=' > "$here/metrics_token"
echo "Made in $here: database_password, database_url, secret_key, metrics_token."
