#!/usr/bin/env bash
# A real Chromium, driven by playwright-core, with axe-core for accessibility: see browser.mjs.
#
#   browser.sh
. "$(dirname "$0")/lib.sh"

need_command node nodejs
need_packages chromium chromium fonts-liberation
need_npm web playwright-core@1.65.1 axe-core@4.14.1
kv BROWSER_NODE_MODULES "$PARTS/npm-web/node_modules"
kv CHROMIUM "$(command -v chromium)"
