#!/bin/sh
# Installs Foxglove's packages into the folder $2 and checks the messages of the folder $1 with them. Without node, npm
# or a network, the exit status is 77, which ctest counts as skipped.
set -eu
golden=$1
folder=$2
script=$(cd "$(dirname "$0")" && pwd)/foxglove_check.mjs
command -v npm >/dev/null && command -v node >/dev/null || { echo "SKIPPED: node or npm is not installed"; exit 77; }
mkdir -p "$folder"
cd "$folder"
if [ ! -d node_modules/@foxglove/rosmsg2-serialization ]; then
  echo '{"private":true}' > package.json
  npm install --no-audit --no-fund --silent @foxglove/rosmsg@5.0.5 @foxglove/rosmsg2-serialization@3.1.0 ||
    { echo "SKIPPED: npm cannot install the packages; is there a network?"; exit 77; }
fi
exec node "$script" "$golden"
