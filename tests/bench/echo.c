/* echo.c - the least that a FastCGI program can answer: so many bytes, always the same. A page can come near to it, not beyond.
 *
 *     echo SOCKET BYTES PROCESSES */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcgiapp.h>

static void
answer(int socket, const char *body, int len)
{
    FCGX_Request request;

    FCGX_InitRequest(&request, socket, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_FPrintF(request.out, "Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n", len);
        FCGX_PutStr(body, len, request.out);
        FCGX_Finish_r(&request);
    }
}

int
main(int argc, char **argv)
{
    int len = argc > 3 ? atoi(argv[2]) : 0, processes = argc > 3 ? atoi(argv[3]) : 0, socket;
    char *body = malloc((size_t)len + 1);

    if (len <= 0 || processes <= 0 || body == NULL) {
        fprintf(stderr, "echo SOCKET BYTES PROCESSES\n");
        return 64;
    }
    memset(body, 'x', (size_t)len);
    FCGX_Init();
    socket = FCGX_OpenSocket(argv[1], 1024);
    chmod(argv[1], 0666);
    for (int i = 1; i < processes; i++)
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);   /* it ends with the first */
            break;
        }
    answer(socket, body, len);
    return 0;
}
