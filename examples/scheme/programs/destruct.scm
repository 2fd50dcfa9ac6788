;;; Lists that are taken apart and put together in place: `set-cdr!`, circles that close and open.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 20 (string->number (car arguments)))))

(define (ring n)
  (let* ((last (list (- n 1)))
         (first (let build ((k (- n 2)) (list last))
                  (if (< k 0) list (build (- k 1) (cons k list))))))
    (set-cdr! last first)
    first))

;; Each so many-th leaves the ring, until one is left. Those that left point into the ring to their end.
(define (last-one n step)
  (let count ((place (ring n)) (k 1))
    (cond ((eq? place (cdr place)) (car place))
          ((= k (- step 1))
           (set-cdr! place (cddr place))
           (count (cdr place) 1))
          (else (count (cdr place) (+ k 1))))))

(define (reverse! list)
  (let turn ((list list) (done '()))
    (if (null? list)
        done
        (let ((rest (cdr list)))
          (set-cdr! list done)
          (turn rest list)))))

;; Deals a list out in turns, in place.
(define (deal! list hands)
  (let ((heads (make-vector hands '())))
    (let next ((list list) (hand 0))
      (if (null? list)
          (map reverse! (vector->list heads))
          (let ((rest (cdr list)))
            (set-cdr! list (vector-ref heads hand))
            (vector-set! heads hand list)
            (next rest (modulo (+ hand 1) hands)))))))

(do ((n 2 (+ n 1)) (all '() (cons (last-one n 3) all)))
    ((> n size) (write (reverse all)) (newline)))

(write (deal! (iota size) 3))
(newline)
(write (let ((r (ring 3))) (set-car! (cdr r) r) r))
(newline)
