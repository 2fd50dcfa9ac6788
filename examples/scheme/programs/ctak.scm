;;; Takeuchi's function; every result comes back through a continuation that was captured for it.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 1 (string->number (car arguments)))))

(define (tak return x y z)
  (if (< y x)
      (tak return
           (call/cc (lambda (here) (tak here (- x 1) y z)))
           (call/cc (lambda (here) (tak here (- y 1) z x)))
           (call/cc (lambda (here) (tak here (- z 1) x y))))
      (return z)))

(do ((round 0 (+ round 1))) ((= round size))
  (write (call/cc (lambda (here) (tak here 12 8 4))))
  (newline))
