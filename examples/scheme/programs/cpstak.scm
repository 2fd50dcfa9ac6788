;;; Takeuchi's function in continuation-passing style: every call makes a closure.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 1 (string->number (car arguments)))))

(define (tak x y z return)
  (if (< y x)
      (tak (- x 1) y z
        (lambda (a)
          (tak (- y 1) z x
            (lambda (b)
              (tak (- z 1) x y
                (lambda (c) (tak a b c return)))))))
      (return z)))

(do ((round 0 (+ round 1))) ((= round size))
  (write (tak 14 9 4 (lambda (result) result)))
  (newline))
