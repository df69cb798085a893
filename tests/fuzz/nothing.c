/* nothing.c - with --enable-fuzzers the replay archive is empty; libFuzzer brings main() */
typedef int libfuzzer_brings_main;
