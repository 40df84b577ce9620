#!/bin/sh
# Stands for a browser's file: starts that browser on a computer of the lab.
exec nsenter --net --target="$LAB_HOST" -- "$LAB_BROWSER" "$@"
