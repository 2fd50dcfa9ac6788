;;; Closures that know themselves and each other, made and dropped: each is part of a cycle. The heap holds
;;; no more of them in the end than in the beginning.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 1000 (string->number (car arguments)))))

(define (make-counter)
  (define count 0)
  (define (step! by)
    (set! count (+ count by))
    self)
  (define (self message)
    (case message
      ((count) count)
      ((step) (step! 1))
      ((reset) (set! count 0) self)))
  self)

(define (make-and-drop n total)
  (if (= n 0)
      total
      (make-and-drop (- n 1) (+ total ((((make-counter) 'step) 'step) 'count)))))

;; Each counter is two closures.
(define (run closures) (make-and-drop (quotient closures 2) 0))

(define (measure)
  (run 100)
  (gc)
  (let* ((before (gc-live-objects)) (total (run size)))
    (gc)
    (list 'steps: total 'more 'objects 'alive: (- (gc-live-objects) before))))

(write (measure))
(newline)
