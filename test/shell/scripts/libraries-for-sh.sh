#!/bin/bash
. ./lib.inc
bash ./job.inc
open_all
