#include "guard.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

#include <cstdlib>

namespace bkdouble {
namespace {

sigjmp_buf escape;
pthread_t runner;
volatile bool guarded;
void* volatile touched;
struct sigaction previousSegv, previousBus;

void onFault(int signal, siginfo_t* info, void* context) {
  if (guarded && pthread_equal(runner, pthread_self())) {
    touched = info->si_addr;
    siglongjmp(escape, 1);
  }
  const struct sigaction& previous = signal == SIGSEGV ? previousSegv : previousBus;
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal, info, context); /* the JVM's, for its other threads */
  } else if (previous.sa_handler != SIG_IGN && previous.sa_handler != SIG_DFL) {
    previous.sa_handler(signal);
  } else {
    abort();
  }
}

void guard() {
  struct sigaction ours = {};
  ours.sa_sigaction = onFault;
  ours.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  runner = pthread_self();
  sigaction(SIGSEGV, &ours, &previousSegv);
  sigaction(SIGBUS, &ours, &previousBus);
  guarded = true;
}

void unguard() {
  guarded = false;
  sigaction(SIGSEGV, &previousSegv, nullptr);
  sigaction(SIGBUS, &previousBus, nullptr);
}

}  // namespace

bool runGuarded(const std::function<void()>& body, void*& address) {
  guard();
  bool fine = sigsetjmp(escape, 1) == 0;
  if (fine) body();
  unguard();
  address = touched;
  return fine;
}

}  // namespace bkdouble
