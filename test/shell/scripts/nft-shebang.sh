#!/bin/bash
cd "$(dirname "$0")"
./fw.nft
nft -f ./more.nft
