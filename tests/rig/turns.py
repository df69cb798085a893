"""Chosen interleavings: a row is held by us, acts begin one after the other and wait for it in that order, then it is let go."""
import threading

import psycopg2

WAITING = ("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_type = 'client backend'"
           ' AND pid <> pg_backend_pid()')


class Act(threading.Thread):
    def __init__(self, act):
        super().__init__()
        self.act, self.result, self.error = act, None, None

    def run(self):
        try:
            self.result = self.act()
        except BaseException as error:      # pylint: disable=broad-except
            self.error = error


def in_turn(stack, lock, *acts, keep=False):
    """What the acts return. `lock` is (query, values...) that takes the row; an act that needs it not may end before. `keep`: what the
    query changed stays."""
    holder = psycopg2.connect(stack.postgres.dsn())
    begun = []
    try:
        with holder.cursor() as cursor:
            cursor.execute(lock[0], lock[1:])
        for act in acts:
            before = stack.one(WAITING)
            begun.append(Act(act))
            begun[-1].start()
            stack.until(lambda: not begun[-1].is_alive() or stack.one(WAITING) > before, 20, 'an act that waits')   # pylint: disable=cell-var-from-loop
    finally:
        if keep:
            holder.commit()
        holder.close()
        for act in begun:
            act.join()
    for act in begun:
        if act.error is not None:
            raise act.error
    return [act.result for act in begun]
