/* SPDX-License-Identifier: EUPL-1.2 */
/* Gives a fuzz target every input that is kept in tests/fuzz/corpus/<target>, or those that are named;
 * counts them as a unit test does. Each is a buffer of its own length, so that nothing is read past it. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return -1;
    size_t size = (size_t)ftell(file);
    uint8_t *data = malloc(size ? size : 1);
    rewind(file);
    size_t got = data ? fread(data, 1, size, file) : 0;
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
    if (data && got == size)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    return got == size ? 0 : -1;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    char path[4096];
    int done = 0;
    for (int i = 1; i < argc; i++, done++)
        if (replay(argv[i]) != 0)
            return 1;
    snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", slash ? slash + 1 : argv[0]);
    DIR *folder = argc > 1 ? NULL : opendir(path);
    size_t start = strlen(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path + start, sizeof(path) - start, "/%s", entry->d_name);
        if (replay(path) != 0)
            return 1;
        done++;
    }
    if (folder)
        closedir(folder);
    printf("[  PASSED  ] %d test(s).\n", done);
    return done > 0 ? 0 : 1;
}
