#!/bin/bash
set -a
. ./env.conf
set +a
LOCAL=1
bash ./job.sh
